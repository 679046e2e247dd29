package io.trainyard.training;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.NetworkSummary;
import io.trainyard.network.TrainingSpec;

/** A request's network and training, complete and checked against its dataset. */
record Blueprint(NetworkSpec network, NetworkGraph graph, TrainingSpec training, NetworkSummary summary) {}
