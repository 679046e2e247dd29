/**
 * What surrounds the service: the embedded PostgreSQL, the local workers' supervisor, JSON, HTTP filters and the OpenAPI
 * document.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Platform",
        allowedDependencies = {"device", "file", "problem", "process", "setting"})
package io.trainyard.platform;
