/**
 * Who acts, in which role, and whose things they may see. Authentication itself is the business of the module {@code security};
 * this one is what the others need to know of it.
 *
 * <p>Jobs, models and datasets have owners. What belongs to another owner is told from what does not exist by nobody but
 * those who see everybody's things: both are 404.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Access",
        allowedDependencies = {"problem"})
package io.trainyard.access;
