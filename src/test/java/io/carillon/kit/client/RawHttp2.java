package io.carillon.kit.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One request over HTTP/2, over TLS or in clear text with prior knowledge, whose fields are sent as
 * they are: also such as no client library sends. RFC 9113; RFC 7541 without tables.
 */
public final class RawHttp2 {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int GO_AWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int ACK = 1;
  private static final int TABLE_SIZE_UPDATE = 0x20;
  private static final int INDEXED = 0x80;

  /** The statuses of the static table, from its eighth entry on. */
  private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};

  private RawHttp2() {}

  /**
   * The answer.
   *
   * @param status the status; 0: one that is not in the static table; -1: the stream or the
   *     connection was ended instead
   * @param body all of it, as Latin-1
   */
  public record Answer(int status, String body) {}

  /**
   * Sends a request without a body and waits for the end of its answer.
   *
   * @param fields names and values in turn, pseudo-headers first
   */
  public static Answer send(URI server, String... fields) throws IOException {
    try (Socket socket = socket(server)) {
      socket.setSoTimeout((int) SocketClient.PATIENCE.multipliedBy(3).toMillis());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
      frame(out, SETTINGS, 0, 0, new byte[0]);
      frame(out, HEADERS, END_STREAM | END_HEADERS, 1, block(fields));
      return answer(new DataInputStream(socket.getInputStream()), out);
    }
  }

  private static Socket socket(URI server) throws IOException {
    if (!server.getScheme().equals("https")) {
      return new Socket(server.getHost(), server.getPort());
    }
    try {
      SSLSocket socket =
          (SSLSocket)
              Trusting.context()
                  .getSocketFactory()
                  .createSocket(server.getHost(), server.getPort());
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      return socket;
    } catch (GeneralSecurityException noTls) {
      throw new IOException(noTls);
    }
  }

  private static Answer answer(DataInputStream in, DataOutputStream out) throws IOException {
    int status = 0;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int head = in.readInt();
      int type = head & 0xff;
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = new byte[head >>> 8];
      in.readFully(payload);
      if (type == GO_AWAY || (type == RESET && stream == 1)) {
        return new Answer(-1, body.toString(StandardCharsets.ISO_8859_1));
      } else if (type == SETTINGS && (flags & ACK) == 0) {
        frame(out, SETTINGS, ACK, 0, new byte[0]);
      } else if (type == HEADERS && stream == 1) {
        status = status(payload);
      } else if (type == DATA && stream == 1) {
        body.write(payload);
      }
      if (stream == 1 && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
        return new Answer(status, body.toString(StandardCharsets.ISO_8859_1));
      }
    }
  }

  private static int status(byte[] block) {
    int at = 0;
    while ((block[at] & 0xe0) == TABLE_SIZE_UPDATE) {
      at++;
    }
    int index = (block[at] & 0xff) - INDEXED - 8;
    return index >= 0 && index < STATUSES.length ? STATUSES[index] : 0;
  }

  /** Literals without an index, not packed. */
  private static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      byte[] text = fields[i].getBytes(StandardCharsets.ISO_8859_1);
      if (i % 2 == 0) {
        block.write(0);
      }
      int length = text.length;
      if (length < 127) {
        block.write(length);
      } else {
        block.write(127);
        int rest = length - 127;
        while (rest >= 128) {
          block.write(rest % 128 + 128);
          rest /= 128;
        }
        block.write(rest);
      }
      block.writeBytes(text);
    }
    return block.toByteArray();
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeInt(payload.length << 8 | type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }
}
