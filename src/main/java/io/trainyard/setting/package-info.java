/**
 * What an operator can set, and that it is right: a value that makes no sense and a name that nothing reads stop the start, and
 * are named. The settings themselves are records of the modules that they belong to.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Setting",
        allowedDependencies = {})
package io.trainyard.setting;
