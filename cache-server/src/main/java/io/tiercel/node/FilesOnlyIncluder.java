package io.tiercel.node;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import java.io.File;
import java.net.URL;

/**
 * Lets a file include other files, relative to itself, which must exist; nothing from URLs or the class path, which
 * would let somebody else's bytes decide what a node does. Immutable.
 */
final class FilesOnlyIncluder
        implements
            ConfigIncluder,
            ConfigIncluderURL,
            ConfigIncluderFile,
            ConfigIncluderClasspath {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (what.contains("://")) {
            throw new ConfigException.Generic("include takes files alone, no URL");
        }
        ConfigParseable target = context.relativeTo(what);
        if (target == null || target.origin().filename() == null) {
            throw new ConfigException.Generic("include: no such file: " + what);
        }
        return target.parse(context.parseOptions().setAllowMissing(false));
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw new ConfigException.Generic("include takes files alone, no URL");
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return include(context, what.getPath());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw new ConfigException.Generic("include takes files alone, nothing from the class path: " + what);
    }
}
