/**
 * The demo: a node and its clients as child processes of the command, put to the main job and then to the sword.
 * <p>
 * {@code Demo} runs on the main thread of the command; the classes named {@code …Stage} run in client processes of
 * their own, whose entry is {@code DemoClient}. What they find travels back as lines of {@code Finding}. Start reading
 * at {@code Demo}. Imports the client library and its Arrow readers, nothing of the node.
 */
@NullMarked
package io.tiercel.cli.demo;

import org.jspecify.annotations.NullMarked;
