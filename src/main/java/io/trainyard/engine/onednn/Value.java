package io.trainyard.engine.onednn;

import io.trainyard.network.layer.Shape;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * What a layer gives, for all rows of a batch.
 *
 * <p>Channels may be filled up to whole blocks. What fills up is of no account: weights that meet it are 0.
 *
 * @param shape of a row; the array may still be that of the picture that was flattened
 * @param channels that are not filled up: the last dimension of the picture or vector that the array holds
 * @param gradient of the loss towards it, in the same layout; null where nothing before it is trained
 */
record Value(
        Shape shape, int channels, memory data, @Nullable memory gradient) {

    memory.desc desc() {
        return data.get_desc();
    }

    long[] dims() {
        return Layouts.dims(desc());
    }

    /** Whether the array is one of pictures: rows, channels, height, width. */
    boolean holdsPictures() {
        return dims().length == 4;
    }
}
