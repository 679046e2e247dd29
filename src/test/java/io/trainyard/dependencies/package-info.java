/** The report about what the jar is made of: licences, and vulnerabilities that are publicly known. */
@org.jspecify.annotations.NullMarked
package io.trainyard.dependencies;
