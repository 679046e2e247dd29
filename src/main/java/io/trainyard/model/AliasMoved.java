package io.trainyard.model;

import org.jspecify.annotations.Nullable;

/**
 * An alias has been moved. Listeners are called within the transaction that moves it, under the model's lock.
 *
 * @param version at which it points now; null when it was removed
 */
public record AliasMoved(
        String model, String alias, @Nullable Integer version) {}
