package io.trainyard.setting;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * No number, size or duration of ours is negative, and few may be nothing. What else a setting must be, its own record says.
 */
@Component
class LeastValues implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of(Catalogue.PREFIX);

    /** Where 0 means none. */
    private static final Set<String> MAY_BE_NOTHING = Set.of(
            "trainyard.workers.local",
            "trainyard.training.max-losses",
            "trainyard.shutdown-delay",
            "trainyard.serving.max-delay",
            "trainyard.quotas.queued-jobs",
            "trainyard.quotas.disk");

    @Override
    public BindHandler apply(BindHandler handler) {
        return new AbstractBindHandler(handler) {
            @Override
            public @Nullable Object onSuccess(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
                if (OURS.isAncestorOf(name)) {
                    check(name.toString(), result);
                }
                return super.onSuccess(name, target, context, result);
            }
        };
    }

    private static void check(String name, Object value) {
        int sign = sign(value);
        if (sign < 0 || (sign == 0 && !MAY_BE_NOTHING.contains(name))) {
            throw new IllegalArgumentException(
                    name + (sign < 0 ? " must not be negative" : " must be more than nothing"));
        }
    }

    /** 1 for what has no size. */
    private static int sign(Object value) {
        if (value instanceof Number number) {
            return Double.compare(number.doubleValue(), 0);
        }
        if (value instanceof DataSize size) {
            return Long.signum(size.toBytes());
        }
        if (value instanceof Duration duration) {
            return duration.compareTo(Duration.ZERO);
        }
        return 1;
    }
}
