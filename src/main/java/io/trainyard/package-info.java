/** Trainyard: training and serving of neural networks over HTTP. Each sub-package is a module with one public facade. */
@org.jspecify.annotations.NullMarked
package io.trainyard;
