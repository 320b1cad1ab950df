package io.headgate.gateway.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * What a mistyped name was meant to be: the one that the fewest changes lead to (V. Levenshtein, "Binary codes capable
 * of correcting deletions, insertions, and reversals", 1966). Our own twenty lines, since the libraries that have it
 * weigh a megabyte.
 */
final class Nearest {
    private Nearest() {}

    /** The one of {@code known} nearest to {@code given}, unless more than a third of it would have to change. */
    static Optional<String> to(String given, Collection<String> known) {
        String best = null;
        int fewest = Math.max(2, given.length() / 3) + 1;
        for (String candidate : known) {
            int changes = Math.min(changes(given, candidate), changes(given, lastPart(candidate)));
            if (changes < fewest) {
                fewest = changes;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Whoever forgets the section has the key itself right. */
    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static int changes(String a, String b) {
        return distance(a.toLowerCase(Locale.ROOT), b.toLowerCase(Locale.ROOT));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
