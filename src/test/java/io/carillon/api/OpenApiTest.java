package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description that is written by hand has every call that there is, and no other. */
class OpenApiTest {
  private static final List<Class<? extends Annotation>> METHODS =
      List.of(GET.class, POST.class, PUT.class, DELETE.class);

  @Test
  void describesEveryCallAndNoOther() throws IOException {
    assertEquals(String.join("\n", inTheCode()), String.join("\n", inTheDescription()));
  }

  @Test
  void everyCodeOfAnErrorIsNamed() throws IOException {
    String text = Files.readString(java.nio.file.Path.of(DESCRIPTION));
    String codes = text.substring(text.indexOf("    Code:"), text.indexOf("    Problem:"));
    for (io.carillon.core.ErrorCode code : io.carillon.core.ErrorCode.values()) {
      assertFalse(codes.replaceAll("\\b" + code.code() + "\\b", "").equals(codes), code.code());
    }
  }

  private static final String DESCRIPTION = "src/main/resources/META-INF/openapi.yaml";

  private static Set<String> inTheCode() {
    Set<String> calls = new TreeSet<>();
    for (JavaClass found :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.carillon")) {
      if (found.isAnnotatedWith(Path.class)) {
        Class<?> resource = found.reflect();
        for (Method method : resource.getDeclaredMethods()) {
          for (Class<? extends Annotation> verb : METHODS) {
            if (method.isAnnotationPresent(verb)) {
              calls.add(verb.getSimpleName() + " /api" + path(resource, method));
            }
          }
        }
      }
    }
    return calls;
  }

  private static String path(Class<?> resource, Method method) {
    Path onMethod = method.getAnnotation(Path.class);
    String path =
        resource.getAnnotation(Path.class).value() + (onMethod == null ? "" : onMethod.value());
    return path.startsWith("/") ? path : '/' + path;
  }

  /** Reads just what is needed of the YAML: paths are indented by two, their methods by four. */
  private static Set<String> inTheDescription() throws IOException {
    Set<String> calls = new TreeSet<>();
    String path = "";
    for (String line : Files.readAllLines(java.nio.file.Path.of(DESCRIPTION))) {
      if (line.startsWith("  /api")) {
        path = line.strip().replaceAll(":$", "");
      } else if (line.matches(" {4}(get|post|put|delete):")) {
        String verb = line.strip().replace(":", "").toUpperCase(Locale.ROOT);
        calls.add(verb + ' ' + path);
      }
    }
    return calls;
  }
}
