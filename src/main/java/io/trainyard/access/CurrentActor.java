package io.trainyard.access;

import java.util.function.Supplier;

/** Who sends the request that this thread answers, for those to whom no {@link Actor} can be handed. */
public interface CurrentActor extends Supplier<Actor> {}
