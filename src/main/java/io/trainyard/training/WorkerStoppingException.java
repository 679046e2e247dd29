package io.trainyard.training;

/** The worker's process is to end: the run gives its job back to the queue. */
class WorkerStoppingException extends RuntimeException {}
