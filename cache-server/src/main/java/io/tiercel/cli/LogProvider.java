package io.tiercel.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback, set up by {@link LogConfigurator} alone. The launcher names it to SLF4J: to search every jar for a provider and
 * its configuration takes a sixth of a node's start.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private static final String SLF4J_VERSION = "2.0.99";

    private final LoggerContext loggers = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

    @Override
    public void initialize() {
        LogConfigurator configurator = new LogConfigurator();
        configurator.setContext(loggers);
        loggers.setMDCAdapter(diagnostics);
        configurator.configure(loggers);
        loggers.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    /** Of the API that this was written for, as SLF4J asks of providers. */
    @Override
    public String getRequestedApiVersion() {
        return SLF4J_VERSION;
    }
}
