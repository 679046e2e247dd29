/** How JSON that was written into rows is read: for what this release knows of it, where it is only shown. */
@ApplicationModule(
        displayName = "JSON",
        allowedDependencies = {})
@NullMarked
package io.trainyard.json;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
