package io.carillon.store.jpa;

import io.carillon.core.Right;
import io.carillon.core.spi.GuestApp;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Stored application of guests. Its secret is written nowhere else. */
@Entity
@Table(schema = "carillon", name = "guest_app")
public class GuestAppEntry {
  @Id
  @Column(name = "id")
  private String id = "";

  @Column(name = "app_key")
  private String appKey = "";

  @Column(name = "secret")
  private String secret = "";

  @Column(name = "rights")
  private String rights = "";

  @Column(name = "namespace")
  private String namespace = "";

  @Column(name = "enabled")
  private boolean enabled;

  @Column(name = "hooks")
  private String hooks = "";

  @Column(name = "counts")
  private boolean counts;

  @Column(name = "updated_by")
  private String updatedBy = "";

  @Version
  @Column(name = "version")
  private long version;

  /** For the persistence provider. */
  protected GuestAppEntry() {}

  GuestAppEntry(String id) {
    this.id = id;
  }

  GuestApp app() {
    List<String> addresses = hooks.isEmpty() ? List.of() : List.of(hooks.split(" ", -1));
    Set<Right> all =
        Arrays.stream(rights.split(" ", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> Right.valueOf(word.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toUnmodifiableSet());
    return new GuestApp(id, appKey, secret, all, namespace, enabled, addresses, counts);
  }

  void set(GuestApp app, String by) {
    appKey = app.key();
    secret = app.secret();
    rights = app.rights().stream().map(Right::word).sorted().collect(Collectors.joining(" "));
    namespace = app.namespace();
    enabled = app.enabled();
    hooks = String.join(" ", app.hooks());
    counts = app.counts();
    updatedBy = by;
  }
}
