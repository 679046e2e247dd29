/**
 * Files that clients send: the parts of a multipart body, which are on disk before anybody reads them, and folders that
 * are gone when a request has ended, whatever became of it.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Upload",
        allowedDependencies = {"file", "problem"})
package io.trainyard.upload;
