package io.carillon.transport.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The events of several rooms under one cursor: a long poll or a live stream. */
@Dependent
@Tag(name = "events")
@Path("/events")
public class EventsResource {
  private final EventReader reader;

  /** Takes what does the work. */
  @Inject
  public EventsResource(EventReader reader) {
    this.reader = reader;
  }

  /**
   * What came after {@code after}, or after {@code Prefer: wait=n} nothing; without {@code after}
   * it begins at the heads.
   */
  @GET
  @Produces("application/json")
  @Operation(operationId = "pollRooms", summary = "A long poll of several rooms")
  @Parameter(
      name = "room",
      in = ParameterIn.QUERY,
      required = true,
      schema = @Schema(type = SchemaType.ARRAY, implementation = String.class, maxItems = 100),
      description = "The rooms; their order is the order of the cursors.")
  @Parameter(
      name = "after",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.STRING),
      description = "The cursors after which to read.")
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.INTEGER),
      description = "How many events at most: 1–1000, else 100.")
  @Parameter(
      name = "Prefer",
      in = ParameterIn.HEADER,
      schema = @Schema(type = SchemaType.STRING, examples = "wait=25"),
      description = "How many seconds to wait if nothing is there.")
  @APIResponse(
      responseCode = "200",
      description = "The page, as /schema/carillon.v1.json has it ($defs/page).",
      content =
          @Content(mediaType = "application/json", schema = @Schema(type = SchemaType.OBJECT)))
  public void poll(@Context HttpServletRequest request, @Suspended AsyncResponse answer) {
    reader.roomsPoll(request, answer);
  }

  /** A live stream; {@code qs} lets a client that takes anything have the page. */
  @GET
  @Produces("text/event-stream;qs=0.5")
  @Operation(operationId = "streamRooms", summary = "A live stream of several rooms")
  @Parameter(
      name = "room",
      in = ParameterIn.QUERY,
      required = true,
      schema = @Schema(type = SchemaType.ARRAY, implementation = String.class, maxItems = 100),
      description = "The rooms; their order is the order of the cursors.")
  @Parameter(
      name = "after",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.STRING),
      description = "The cursors after which to read; the header wins.")
  @Parameter(
      name = "last",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.INTEGER),
      description = "Begin n events before the head.")
  @Parameter(
      name = "presence",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.BOOLEAN),
      description = "Whether to follow the members.")
  @Parameter(
      name = "signals",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.BOOLEAN),
      description = "Whether to get signals.")
  @Parameter(
      name = "Last-Event-ID",
      in = ParameterIn.HEADER,
      schema = @Schema(type = SchemaType.STRING),
      description = "The last id seen.")
  @APIResponse(
      responseCode = "200",
      description = "The stream; /asyncapi.yaml describes its events.",
      content =
          @Content(mediaType = "text/event-stream", schema = @Schema(type = SchemaType.STRING)))
  public void stream(@Context HttpServletRequest request, @Suspended AsyncResponse answer) {
    reader.stream(request, answer, () -> Params.ofRooms(request));
  }
}
