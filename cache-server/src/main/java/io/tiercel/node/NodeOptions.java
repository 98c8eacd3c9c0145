package io.tiercel.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the command line says of settings. Not threadsafe. */
public final class NodeOptions {
    private final Map<Setting, String> texts = new LinkedHashMap<>();
    private final List<String> mounts = new ArrayList<>();

    /** An option's text; null says that it was not given. */
    public NodeOptions option(Setting setting, @Nullable String text) {
        if (text != null) {
            texts.put(setting, text);
        }
        return this;
    }

    /** A mount, {@code PREFIX=URI#policy}. */
    public NodeOptions mount(String text) {
        mounts.add(text);
        return this;
    }

    void read(RawSettings into) {
        texts.forEach((setting, text) -> into
                .put(new RawSetting(SettingPath.of(setting), text, "option --" + setting.option())));
        mounts.forEach(text -> MountOption.read(text, "option --mount", into));
    }
}
