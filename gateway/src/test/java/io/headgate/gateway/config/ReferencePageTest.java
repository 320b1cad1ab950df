package io.headgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents say what the code does. */
class ReferencePageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().resolveSibling("");

    @TempDir
    Path directory;

    @Test
    void theReferenceIsWhatTheCodeDeclares() throws Exception {
        assertEquals(
                ReferencePage.markdown(),
                Files.readString(ROOT.resolve("docs/CONFIGURATION.md")),
                "docs/CONFIGURATION.md is stale. Make it anew: ./headgate config reference > docs/CONFIGURATION.md");
    }

    /** Lists and tables apart, which are examples there. */
    @Test
    void theReadmeShowsTheDefaults() throws Exception {
        Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertTrue(yaml.find());
        assertEquals(values(""), values(yaml.group(1)));
    }

    private Map<String, String> values(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("headgate.yaml"), yaml);
        List<EffectiveSetting> settings = LoadedConfig.of(file, Map.of()).settings();
        return settings.stream()
                .filter(setting -> !setting.key().matches("tables\\..*|.*\\.[0-9]+(\\..*)?"))
                .collect(Collectors.toMap(EffectiveSetting::key, EffectiveSetting::value));
    }
}
