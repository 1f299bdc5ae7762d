package io.carillon.store.jdbc;

import io.carillon.core.Content;
import io.carillon.core.RefusedException;
import java.sql.SQLException;

/**
 * Representation of a content in the tables: in a column of text, and beside it what the text is.
 */
final class Encoding {
  private static final short JSON = 0;
  private static final short BASE64 = 1;

  private Encoding() {}

  /** What {@link Content#text()} of this content is. */
  static short of(Content content) {
    return switch (content) {
      case Content.Json json -> JSON;
      case Content.Binary bytes -> BASE64;
    };
  }

  /**
   * The content of a row.
   *
   * @throws SQLException if the text is not of this encoding
   */
  static Content read(String text, short encoding) throws SQLException {
    if (encoding == JSON) {
      return Content.json(text);
    }
    if (encoding != BASE64) {
      throw new SQLException("data of encoding " + encoding, "XX001");
    }
    try {
      return Content.base64(text);
    } catch (RefusedException notBase64) {
      throw new SQLException("data is not base64", "XX001");
    }
  }
}
