package io.trainyard.security;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.binary.Base32;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A key as its holder sends it, {@code ty_<prefix>_<256 random bits>}. It is in memory only while it is looked at; what is
 * kept is its SHA-256, which with so many random bits need be no slower.
 */
final class Secret {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;
    private static final int PREFIX_BYTES = 5;
    private static final Pattern FORM = Pattern.compile("ty_([a-z2-7]{8})_[A-Za-z0-9_-]{43}");

    private final String text;
    private final String prefix;

    private Secret(String text, String prefix) {
        this.text = text;
        this.prefix = prefix;
    }

    static Secret random() {
        byte[] name = new byte[PREFIX_BYTES];
        RANDOM.nextBytes(name);
        String prefix = Base32.builder().get().encodeToString(name).toLowerCase(Locale.ROOT);
        return new Secret("ty_" + prefix + "_" + randomText(), prefix);
    }

    /** 256 random bits. */
    static String randomText() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static Optional<Secret> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(new Secret(text, matcher.group(1))) : Optional.empty();
    }

    /** To be shown once. */
    String text() {
        return text;
    }

    /** By which people know the key. */
    String prefix() {
        return prefix;
    }

    String sha256() {
        return DigestUtils.sha256Hex(text);
    }

    @Override
    public String toString() {
        return "ty_" + prefix + "_…";
    }
}
