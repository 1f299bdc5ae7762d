package io.carillon.faults;

import io.carillon.faults.client.BatchPublisher;
import io.carillon.faults.client.Member;
import io.carillon.faults.client.Observer;
import io.carillon.faults.client.PollReader;
import io.carillon.faults.client.Publisher;
import io.carillon.faults.client.Reader;
import io.carillon.faults.client.RestPublisher;
import io.carillon.faults.client.RunContext;
import io.carillon.faults.client.SocketIoReader;
import io.carillon.faults.client.SocketPublisher;
import io.carillon.faults.client.SocketReader;
import io.carillon.faults.client.SqlPublisher;
import io.carillon.faults.client.StreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** All clients of one run, each in a virtual thread of its own. */
final class Crowd {
  private final RunContext context;
  private final Plan plan;
  private final String prefix;
  private final Random random;
  private final AtomicInteger ops = new AtomicInteger();
  private final List<String> rooms;
  private final List<Reader> readers = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final List<Observer> observers = new ArrayList<>();
  private final List<Thread> publishing = new ArrayList<>();
  private final List<Thread> others = new ArrayList<>();

  /**
   * Nobody yet.
   *
   * @param prefix begins the names of rooms and clients, unique for a run
   */
  Crowd(RunContext context, Plan plan, String prefix, Random random) {
    this.context = context;
    this.plan = plan;
    this.prefix = prefix;
    this.random = random;
    rooms = IntStream.range(0, plan.rooms()).mapToObj(i -> prefix + ":" + i).toList();
  }

  /** The rooms with events. */
  List<String> rooms() {
    return rooms;
  }

  /** The readers. */
  List<Reader> readers() {
    return readers;
  }

  /**
   * Starts all.
   *
   * @param database the primary, for publishers by SQL
   */
  void start(Supplier<? extends DataSource> database) {
    for (int i = 0; i < plan.readers(); i++) {
      readers.add(new SocketReader(context, prefix + "-ws" + i, some(), fork()));
      readers.add(new StreamReader(context, prefix + "-sse" + i, some(), fork()));
      readers.add(new PollReader(context, prefix + "-poll" + i, some(), fork()));
      readers.add(new SocketIoReader(context, prefix + "-sio" + i, some(), fork()));
    }
    for (int i = 0; i < plan.publishers(); i++) {
      int every = plan.interval();
      publishers.add(new RestPublisher(context, prefix + "-pr" + i, rooms, ops, every, fork()));
      publishers.add(new BatchPublisher(context, prefix + "-pb" + i, rooms, ops, every, fork()));
      publishers.add(new SocketPublisher(context, prefix + "-pw" + i, rooms, ops, every, fork()));
      publishers.add(
          new SqlPublisher(context, prefix + "-ps" + i, rooms, ops, every, fork(), database));
    }
    String hall = prefix + ":members";
    for (int i = 0; i < plan.members(); i++) {
      members.add(new Member(context, prefix + "-m" + i, hall, fork()));
    }
    for (int i = 0; i < plan.observers(); i++) {
      observers.add(new Observer(context, prefix + "-o" + i, hall, fork()));
    }
    tokens();
    readers.forEach(reader -> others.add(Thread.ofVirtual().start(reader)));
    observers.forEach(observer -> others.add(Thread.ofVirtual().start(observer)));
    members.forEach(member -> others.add(Thread.ofVirtual().start(member)));
    publishers.forEach(publisher -> publishing.add(Thread.ofVirtual().start(publisher)));
  }

  /** Those who watch the members. */
  List<Observer> observers() {
    return observers;
  }

  /**
   * Stops publishing and the coming and going of members; waits until what is in flight is known.
   */
  void quiet() throws InterruptedException {
    publishers.forEach(Publisher::close);
    members.forEach(Member::close);
    for (Thread thread : publishing) {
      thread.join(TimeUnit.SECONDS.toMillis(120));
    }
  }

  /** Ends everybody. */
  void stop() throws InterruptedException {
    readers.forEach(Reader::close);
    observers.forEach(Observer::close);
    for (Thread thread : others) {
      thread.join(TimeUnit.SECONDS.toMillis(2));
      thread.interrupt();
    }
  }

  /** Tokens are fetched while nothing is broken. */
  private void tokens() {
    for (Reader reader : readers) {
      context.token(reader.name());
    }
    for (String kind : List.of("pr", "pb", "pw", "m", "o")) {
      int count =
          switch (kind) {
            case "m" -> plan.members();
            case "o" -> plan.observers();
            default -> plan.publishers();
          };
      for (int i = 0; i < count; i++) {
        context.token(prefix + "-" + kind + i);
      }
    }
  }

  /** One to three of the rooms. */
  private List<String> some() {
    int from = random.nextInt(rooms.size());
    int count = Math.min(rooms.size(), 1 + random.nextInt(3));
    return IntStream.range(0, count).mapToObj(i -> rooms.get((from + i) % rooms.size())).toList();
  }

  private Random fork() {
    return new Random(random.nextLong());
  }
}
