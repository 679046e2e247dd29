package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A value with a {@code type} whose name alone may stand in JSON for the type with its defaults, as in Keras. */
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@Schema(anyOf = String.class)
@JsonDeserialize(using = NameOrObjectDeserializer.class)
public @interface NameOrObject {}
