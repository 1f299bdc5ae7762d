package io.carillon.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Jakarta REST application under {@code /api}; resources are found by their annotations. */
@ApplicationPath("/api")
public class CarillonApplication extends Application {}
