/**
 * A client of Trainyard: {@link io.trainyard.client.Trainyard} gives Spring HTTP interfaces, one for each kind of thing, over
 * records that are the service's JSON. Names and parameters are those of Keras. What goes wrong at the service is a
 * {@link io.trainyard.client.ProblemException}.
 */
@org.jspecify.annotations.NullMarked
package io.trainyard.client;
