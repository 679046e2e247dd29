package io.trainyard.problem;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Has what goes wrong outside of controllers, in filters and in Tomcat, answered like everything else. */
@RestController
@Profile("api")
@Hidden
class ErrorAnswers implements ErrorController {

    @RequestMapping("${spring.web.error.path:/error}")
    void answer(HttpServletRequest request) throws Exception {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        if (status instanceof Integer code && code < HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            // The client's doing, whatever was thrown: it went in the middle of its body.
            throw new ErrorResponseException(HttpStatusCode.valueOf(code));
        }
        Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        if (failure instanceof ServletException wrapper && wrapper.getRootCause() instanceof Exception cause) {
            throw cause;
        }
        if (failure instanceof Exception exception) {
            throw exception;
        }
        if (status instanceof Integer code) {
            throw new ErrorResponseException(HttpStatusCode.valueOf(code));
        }
        throw Problems.nothingAt(request);
    }
}
