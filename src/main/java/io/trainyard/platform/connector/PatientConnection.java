package io.trainyard.platform.connector;

/** A connection that knows how patient to be with its client. */
interface PatientConnection {

    Patience patience();
}
