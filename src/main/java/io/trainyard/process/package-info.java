/** How this program starts itself again: as a worker, or to read a file of strangers. */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Process",
        allowedDependencies = {})
package io.trainyard.process;
