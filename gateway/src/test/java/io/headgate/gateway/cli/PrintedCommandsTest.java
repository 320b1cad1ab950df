package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintedCommandsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "127.0.0.1, http://127.0.0.1:80",
                "0.0.0.0, http://127.0.0.1:80",
                "::, http://[::1]:80",
                "fe80::1, http://[fe80::1]:80",
                "gate.example, http://gate.example:80",
            })
    void addressesAreThoseToCall(String host, String url) {
        assertEquals(url, Urls.base(host, 80));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"./headgate, ./headgate", "a b, 'a b'", "it's, 'it'\\''s'", "$HOME, '$HOME'", "\"\", ''"})
    void wordsArePastedAsTheyAre(String word, String quoted) {
        assertEquals(quoted, Shell.quoted(word));
    }
}
