package io.trainyard.quickstart;

/**
 * What the demonstration trains.
 *
 * @param size height and width of a digit's picture
 * @param maximum of a pixel
 * @param job the body of the request
 */
record Example(String dataset, int size, int maximum, String job) {

    private static final String DIGITS = """
            {
              "model": "digits",
              "dataset": "digits",
              "network": {
                "layers": [
                  {"type": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"},
                  {"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
                  {"type": "max_pooling2d"},
                  {"type": "flatten"},
                  {"type": "dense", "units": 64, "activation": "relu"},
                  {"type": "dropout", "rate": 0.3},
                  {"type": "dense", "units": 10, "activation": "softmax"}
                ]
              },
              "training": {
                "epochs": 12,
                "batch_size": 32,
                "seed": 42,
                "optimizer": {"type": "adam", "learning_rate": 0.003},
                "learning_rate_schedule": {"type": "exponential", "decay_rate": 0.8}
              }
            }
            """;

    private static final String MNIST = """
            {
              "model": "mnist",
              "dataset": "mnist",
              "network": {
                "layers": [
                  {"type": "flatten"},
                  {"type": "dense", "units": 200, "activation": "relu"},
                  {"type": "dense", "units": 60, "activation": "relu"},
                  {"type": "dense", "units": 10, "activation": "softmax"}
                ]
              },
              "training": {
                "epochs": 10,
                "batch_size": 128,
                "seed": 42,
                "optimizer": {"type": "adam", "learning_rate": 0.01},
                "learning_rate_schedule": {"type": "exponential", "decay_rate": 0.6}
              }
            }
            """;

    static Example of(String dataset) {
        return switch (dataset) {
            case "digits" -> new Example("digits", 8, 16, DIGITS);
            case "mnist" -> new Example("mnist", 28, 255, MNIST);
            default -> throw new IllegalArgumentException("--dataset is 'digits' or 'mnist', not '" + dataset + "'");
        };
    }
}
