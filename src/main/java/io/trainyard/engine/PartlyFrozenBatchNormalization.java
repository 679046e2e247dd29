package io.trainyard.engine;

import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Keras' {@code scale: false} and {@code center: false}: gamma or beta keeps its initial value. DL4J can lock only both;
 * here the frozen one gets an optimizer whose steps are zero.
 */
class PartlyFrozenBatchNormalization extends BatchNormalization {

    private static final long serialVersionUID = 1L;

    private final boolean trainGamma;
    private final boolean trainBeta;

    PartlyFrozenBatchNormalization(BatchNormalization settings, boolean trainGamma, boolean trainBeta) {
        setDecay(settings.getDecay());
        setEps(settings.getEps());
        setCnn2DFormat(settings.getCnn2DFormat());
        setUseLogStd(settings.isUseLogStd());
        this.trainGamma = trainGamma;
        this.trainBeta = trainBeta;
    }

    @Override
    public IUpdater getUpdaterByParam(String param) {
        boolean frozen = (param.equals(BatchNormalizationParamInitializer.GAMMA) && !trainGamma)
                || (param.equals(BatchNormalizationParamInitializer.BETA) && !trainBeta);
        return frozen ? new Sgd(0) : super.getUpdaterByParam(param);
    }
}
