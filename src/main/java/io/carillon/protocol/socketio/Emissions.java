package io.carillon.protocol.socketio;

import io.carillon.core.Content;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.Payload;
import io.carillon.core.spi.AppendResult;
import io.carillon.socketio.Emitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Factory of emits, and their way into the core as events or signals. Thread-safe. */
final class Emissions {
  private final SocketHub.Parts parts;
  private final JsonMapping mapping;
  private final int maxAttachments;
  private final Executor callbacks;

  /**
   * Creates the factory.
   *
   * @param callbacks runs the application's continuations when an event is stored
   */
  Emissions(SocketHub.Parts parts, JsonMapping mapping, int maxAttachments, Executor callbacks) {
    this.parts = parts;
    this.mapping = mapping;
    this.maxAttachments = maxAttachments;
    this.callbacks = callbacks;
  }

  /**
   * JSON text of an application's value without bytes.
   *
   * @throws IllegalArgumentException if it is no JSON, or holds bytes
   */
  String text(Object value) {
    ArgumentWriter writer = new ArgumentWriter(mapping);
    String text = writer.write(value);
    if (!writer.attachments().isEmpty()) {
      throw new IllegalArgumentException("bytes cannot be here");
    }
    return text;
  }

  /**
   * Emit of an application.
   *
   * @throws IllegalArgumentException if it cannot be sent
   */
  Emission of(String name, @Nullable Object... args) {
    if (SocketIoEncoder.RESERVED.contains(name)) {
      throw new IllegalArgumentException("a reserved name: " + name);
    }
    ArgumentWriter writer = new ArgumentWriter(mapping);
    List<String> texts = new ArrayList<>(args.length);
    long size = name.length();
    for (Object each : args) {
      String text = writer.write(each);
      texts.add(text);
      size += JsonText.utf8Length(text);
    }
    for (byte[] attachment : writer.attachments()) {
      size += attachment.length;
    }
    if (size > SocketIo.MAX_PAYLOAD) {
      throw new IllegalArgumentException("larger than the largest packet");
    }
    if (writer.attachments().size() > maxAttachments) {
      throw new IllegalArgumentException("more than " + maxAttachments + " attachments");
    }
    return new Emission(name, texts, writer.attachments(), List.of(), Set.of());
  }

  /**
   * Content of an emit in the core.
   *
   * @throws IllegalArgumentException if it is too large or nested too deeply
   */
  Content content(Emission emission) {
    try {
      Content content = emission.content();
      Payload.checkSize(content, parts.dataLimit().getAsInt());
      return content;
    } catch (RefusedException tooMuch) {
      throw new IllegalArgumentException(tooMuch.rejection().code().code(), tooMuch);
    }
  }

  CompletableFuture<Emitted> publish(
      String namespace, RoomName room, Emission emission, Content content) {
    Publication publication =
        new Publication(
            room,
            parts.eventIds().get(),
            false,
            emission.eventName(),
            content,
            null,
            by(namespace),
            null,
            null);
    return parts
        .publish()
        .apply(publication)
        .thenApplyAsync(
            result ->
                switch (result) {
                  case AppendResult.Appended a -> new Emitted(room.value(), a.epoch(), a.seq());
                  case AppendResult.NotAppended not -> throw new RefusedException(not.rejection());
                },
            callbacks);
  }

  void signal(String namespace, RoomName room, Emission emission, Content content) {
    parts.signal().accept(new Signal(room, emission.eventName(), content, by(namespace), "", null));
  }

  /** Publisher's name in the events of a namespace. */
  private static String by(String namespace) {
    String name = CoreRoomNames.of(namespace).value();
    return name.length() <= Publication.MAX_USER_LENGTH ? name : CoreRoomNames.NAMESPACE;
  }
}
