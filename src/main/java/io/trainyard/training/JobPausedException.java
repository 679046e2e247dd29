package io.trainyard.training;

/** The user has paused the job, and its state is saved. */
class JobPausedException extends RuntimeException {}
