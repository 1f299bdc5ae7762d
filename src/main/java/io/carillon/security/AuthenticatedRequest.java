package io.carillon.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * The request as the rest of the application sees it: with our principal, and without a session,
 * for the container's WebSocket handshake would make one (and a cookie) each time.
 */
final class AuthenticatedRequest extends HttpServletRequestWrapper {
  private final @Nullable Principal principal;

  AuthenticatedRequest(HttpServletRequest request, @Nullable Principal principal) {
    super(request);
    this.principal = principal;
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    return principal;
  }

  @Override
  public @Nullable String getRemoteUser() {
    return principal == null ? null : principal.getName();
  }

  @Override
  public boolean isUserInRole(String role) {
    return false;
  }

  @Override
  public @Nullable HttpSession getSession() {
    return null;
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    return null;
  }
}
