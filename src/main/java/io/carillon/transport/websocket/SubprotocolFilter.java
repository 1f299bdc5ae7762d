package io.carillon.transport.websocket;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.json.ProblemText;
import io.carillon.protocol.ProtocolRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Filter that refuses a handshake which offers unknown sub-protocols only, with 400 before the
 * upgrade: the container would upgrade it without a sub-protocol. To be mapped, with async support,
 * on the path of its protocols, after the credential was checked.
 */
public final class SubprotocolFilter implements Filter {
  /** Maximum number of offers that are read. */
  private static final int MAX_OFFERS = 32;

  private static final int MAX_HEADER = 1024;

  private final ProtocolRegistry protocols;
  private final String path;

  /**
   * Creates the filter.
   *
   * @param path path of the filter, as its protocols declare it
   */
  public SubprotocolFilter(ProtocolRegistry protocols, String path) {
    this.protocols = protocols;
    this.path = path;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    List<String> offers = new ArrayList<>();
    for (String header :
        Collections.list(((HttpServletRequest) request).getHeaders("Sec-WebSocket-Protocol"))) {
      if (header.length() <= MAX_HEADER) {
        for (String offer : header.split(",", MAX_OFFERS)) {
          offers.add(offer.strip());
        }
      } else {
        offers.add("");
      }
    }
    if (protocols.accepts(path, offers)) {
      chain.doFilter(request, response);
    } else {
      Rejection rejection = Rejection.of(ErrorCode.BAD_FRAME);
      ((HttpServletResponse) response).setStatus(rejection.code().status());
      response.setContentType(ProblemText.MEDIA_TYPE);
      response.getOutputStream().write(ProblemText.of(rejection).getBytes(StandardCharsets.UTF_8));
    }
  }
}
