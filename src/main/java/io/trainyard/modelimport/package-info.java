/**
 * The import of networks that were trained elsewhere: a file becomes the next version of a model.
 *
 * <p>Formats of networks can hold programs, and their readers were not made for files of strangers. So a file is read in a
 * process of its own, with bounds on its memory and time, without the service's secrets, which hands over a network in this
 * service's own form; the service itself never opens what was sent.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Model import",
        allowedDependencies = {
            "access",
            "dataset",
            "network",
            "network :: layer",
            "network :: keras",
            "encoding",
            "engine",
            "model",
            "artifact",
            "idempotency",
            "upload",
            "problem",
            "process"
        })
package io.trainyard.modelimport;
