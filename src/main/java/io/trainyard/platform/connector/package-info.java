/**
 * HTTP/1.1 as Tomcat speaks it, with clients that may be slow. Tomcat waits for a request's head without a thread, but for its
 * body, and for room to write the answer, with one: here no more than half of the threads do, and none for long.
 */
@org.jspecify.annotations.NullMarked
package io.trainyard.platform.connector;
