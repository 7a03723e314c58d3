/**
 * Event files as TensorBoard reads them: records framed as in TFRecord files, of protocol buffers of five kinds.
 *
 * <pre>{@code
 * Path file = EventFile.write(tracked, folder);      // folder/quick-grok/0/events.out.tfevents.1795775133.hooke
 * }</pre>
 *
 * The buffers are written by hand: of all of TensorFlow's messages a curve needs five with sixteen fields, which take fewer lines than
 * generated classes and a compiler for them would take in the build.
 */
@org.jspecify.annotations.NullMarked
package hooke.track.tensorboard;
