package io.trainyard.modelimport;

import io.trainyard.network.NetworkSpec;
import io.trainyard.network.layer.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a {@link ModelReader} hands over, as JSON, beside the network itself: either what is wrong with the file, or what is
 * known of the network.
 */
record Outcome(@Nullable Refusal refusal, @Nullable Facts facts) {

    /**
     * Why a file is not taken.
     *
     * @param field {@code file} or {@code input_shape}
     */
    record Refusal(String field, String detail) {}

    /**
     * What is known of the network.
     *
     * @param format {@code keras_h5} or {@code dl4j_zip}
     * @param inputShape of one row
     * @param outputs how many numbers it answers a row with
     * @param activation that its answer went through; LINEAR also for all but softmax and sigmoid
     * @param network in this service's terms; null where its layers are another program's
     * @param summary its layers
     */
    record Facts(
            String format,
            List<Integer> inputShape,
            int outputs,
            Activation activation,
            @Nullable NetworkSpec network,
            JsonNode summary) {}
}
