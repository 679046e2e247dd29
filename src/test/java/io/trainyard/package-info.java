@org.jspecify.annotations.NullMarked
package io.trainyard;
