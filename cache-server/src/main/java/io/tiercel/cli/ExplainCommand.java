package io.tiercel.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import io.tiercel.Key;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "explain", description = "Prints which mount, store, policy and tier would answer a read, and why.")
final class ExplainCommand extends NodeCommand {
    @Parameters(paramLabel = "KEY", converter = KeyConverter.class, description = "The object; it is not loaded.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    ExplainCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        String json = client.explain(key);
        if (isJson()) {
            console().line(json);
        } else {
            print(ConfigFactory.parseString(json, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON)));
        }
        return ExitCode.DONE;
    }

    private void print(Config explanation) throws IOException {
        for (String name : new String[]{"key", "answer", "why", "length", "etag", "expires", "mount", "store", "state",
            "path", "loading"}) {
            if (explanation.hasPath(name)) {
                String value = explanation.getString(name);
                line(name, name.equals("mount") && value.isEmpty() ? "(root)" : value);
            }
        }
        if (explanation.hasPath("policy")) {
            Map<String, ConfigValue> policy = new TreeMap<>(explanation.getObject("policy"));
            for (Map.Entry<String, ConfigValue> setting : policy.entrySet()) {
                line(setting.getKey(), setting.getValue().unwrapped().toString());
            }
        }
    }

    private void line(String name, String value) throws IOException {
        console().line(String.format("%-22s %s", name, value));
    }
}
