/** Files and folders that this program's user alone may read. */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "File",
        allowedDependencies = {})
package io.trainyard.file;
