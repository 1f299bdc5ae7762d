package io.carillon.socketio;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Namespace that a bean handles. The bean needs a scope too, {@code @ApplicationScoped} as a rule,
 * and implements {@link NamespaceHandler}. Two beans for one name are refused at the start.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SocketNamespace {
  /**
   * The name with its slash, for instance {@code /chat}; {@code /} is the main one, which then
   * offers nothing but what the bean does. A name that ends with {@code *} is that of every
   * namespace that begins so and has no bean of its own; the longest beginning counts.
   */
  String value();

  /**
   * Whether a client without a valid token may come in: the bean then decides by itself, and {@link
   * ClientSocket#identity()} is null. Else such a client is refused before the bean is asked.
   */
  boolean anonymous() default false;
}
