package io.carillon.faults.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Thousands of WebSocket readers in one thread, each of one room, that come back with their cursor
 * and count what they miss or get twice. The thread has the lowest priority: clients are on other
 * machines, and these must not take the processors of what is measured. For faults where the number
 * is the point; the small crowd is judged by the checker, these by their own counts.
 */
public final class Swarm implements AutoCloseable {
  private final List<InetSocketAddress> servers = new ArrayList<>();
  private final String token;
  private final RandomGenerator random;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
  private final Queue<SwarmLink> added = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<SwarmLink> waiting = new PriorityQueue<>();
  private final AtomicInteger joined = new AtomicInteger();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong frames = new AtomicLong();
  private final AtomicLong presence = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong resyncs = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong losses = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean leaving;

  /** Nobody yet; all are one user. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it only makes room
  public Swarm(List<URI> addresses, String token, RandomGenerator random) throws IOException {
    for (URI address : addresses) {
      servers.add(new InetSocketAddress(address.getHost(), address.getPort()));
    }
    this.token = token;
    this.random = random;
    this.selector = Selector.open();
    this.thread = Thread.ofPlatform().name("swarm").priority(Thread.MIN_PRIORITY).start(this::loop);
  }

  /**
   * Adds a reader.
   *
   * @param more further fields of its join, each with a comma before it
   * @param delay milliseconds until it connects
   */
  public void add(String room, String more, int delay) {
    add(random.nextInt(servers.size()), room, more, delay);
  }

  /**
   * The same at a server of the caller's choice.
   *
   * @param server its place among the addresses, from 0; after a failure the next one is tried
   */
  public void add(int server, String room, String more, int delay) {
    SwarmLink link = new SwarmLink(room, more);
    link.server = server;
    link.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay);
    added.add(link);
    selector.wakeup();
  }

  /** How many have joined and are connected. */
  public int joined() {
    return joined.get();
  }

  /** Events that came, each for one reader. */
  public long events() {
    return events.get();
  }

  /** Messages that came. */
  public long frames() {
    return frames.get();
  }

  /** Frames about members among them. */
  public long presence() {
    return presence.get();
  }

  /** Events that were not the next one of their reader. */
  public long wrong() {
    return wrong.get();
  }

  /** How often a reader was told to begin anew. */
  public long resyncs() {
    return resyncs.get();
  }

  /** Attempts to connect. */
  public long connects() {
    return connects.get();
  }

  /** Attempts that were refused or broke before the upgrade. */
  public long refused() {
    return refused.get();
  }

  /** How often a reader that had joined lost its connection. */
  public long losses() {
    return losses.get();
  }

  /** Waits until so many have joined; false if that takes longer. */
  public boolean awaitJoined(int count, long milliseconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (joined.get() < count) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }

  /** All leave at once and stay away. */
  public void leave() {
    leaving = true;
    selector.wakeup();
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    try {
      while (!closed) {
        selector.select(20);
        for (SwarmLink link = added.poll(); link != null; link = added.poll()) {
          waiting.add(link);
        }
        if (leaving) {
          cutAll();
          waiting.clear();
        }
        long now = System.nanoTime();
        for (int i = 0; i < 200 && !waiting.isEmpty() && waiting.peek().due <= now; i++) {
          connect(waiting.remove());
        }
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
          SelectionKey key = keys.next();
          keys.remove();
          serve((SwarmLink) key.attachment(), key);
        }
      }
      cutAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void cutAll() throws IOException {
    for (SelectionKey key : List.copyOf(selector.keys())) {
      if (key.attachment() instanceof SwarmLink link && link.channel != null) {
        joined.addAndGet(link.joined ? -1 : 0);
        link.end();
      }
    }
  }

  private void connect(SwarmLink link) {
    try {
      connects.incrementAndGet();
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      InetSocketAddress server = servers.get(link.server % servers.size());
      link.begin(channel, server, token);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, link);
      if (channel.connect(server)) {
        connected(link, key);
      }
    } catch (IOException e) {
      lost(link);
    }
  }

  private void serve(SwarmLink link, SelectionKey key) {
    try {
      if (key.isConnectable() && link.channel.finishConnect()) {
        connected(link, key);
      } else if (key.isReadable()) {
        read(link);
      }
    } catch (IOException | RuntimeException e) {
      lost(link);
    }
  }

  private static void connected(SwarmLink link, SelectionKey key) throws IOException {
    key.interestOps(SelectionKey.OP_READ);
    link.request();
  }

  private void read(SwarmLink link) throws IOException {
    buffer.clear();
    int n = link.channel.read(buffer);
    if (n < 0) {
      lost(link);
      return;
    }
    buffer.flip();
    boolean before = link.joined;
    SwarmLink.Counts counts = link.take(buffer);
    if (!before && link.joined) {
      joined.incrementAndGet();
    }
    frames.addAndGet(counts.frames);
    events.addAndGet(counts.events);
    presence.addAndGet(counts.presence);
    wrong.addAndGet(counts.wrong);
    resyncs.addAndGet(counts.resyncs);
    if (counts.over) {
      lost(link);
    }
  }

  private void lost(SwarmLink link) {
    if (link.joined) {
      joined.decrementAndGet();
      losses.incrementAndGet();
    } else {
      refused.incrementAndGet();
    }
    link.server++;
    long wait = Math.max(link.comeBack, random.nextInt(link.backoff()));
    link.end();
    link.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
    if (!leaving) {
      waiting.add(link);
    }
  }
}
