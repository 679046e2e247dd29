package io.trainyard.training;

/** The user has cancelled the job that is being run. */
class JobCancelledException extends RuntimeException {}
