package io.trainyard.problem;

import java.sql.SQLException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells failures of the way to PostgreSQL, after which the same call can succeed, from faults of the call. */
public final class DatabaseAway {

    private DatabaseAway() {}

    /** Whether PostgreSQL could not be reached, was stopping or starting, or broke off. */
    public static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException
                    || cause instanceof QueryTimeoutException
                    || cause instanceof TransientDataAccessException
                    || (cause instanceof SQLException sql && isConnectionFailure(sql))) {
                return true;
            }
        }
        return false;
    }

    /**
     * SQLSTATE class 08 is "connection exception", 57P0x "the server is shutting down or starting"; by 25P03 the server has
     * ended a transaction in which it heard nothing for long.
     */
    private static boolean isConnectionFailure(SQLException failure) {
        String state = failure.getSQLState();
        // What PostgreSQL itself says has a state; what the pool says of a closed connection has none.
        return state == null || state.startsWith("08") || state.startsWith("57P0") || state.equals("25P03");
    }
}
