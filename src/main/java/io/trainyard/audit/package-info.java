/**
 * Who changed what, and who was refused: an append-only table, which the program may add to and read, but not change.
 *
 * <p>Reading and predicting are not in it; they are many, and change nothing. Refused attempts are, whatever was attempted.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Audit",
        allowedDependencies = {"access", "problem"})
package io.trainyard.audit;
