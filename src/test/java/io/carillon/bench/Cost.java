package io.carillon.bench;

import java.io.IOException;
import java.sql.SQLException;

/** What something costs one instance of ours and the database. */
final class Cost {
  private final Product product;
  private final int instance;
  private final double cpu;
  private final double databaseCpu;
  private final long transactions;

  private Cost(Product product, int instance)
      throws IOException, SQLException, InterruptedException {
    this.product = product;
    this.instance = instance;
    this.transactions = product.database().transactions();
    this.cpu = cpu();
    this.databaseCpu = databaseCpu();
  }

  /** From now on; takes some seconds before it returns. */
  static Cost begin(Product product, int instance)
      throws IOException, SQLException, InterruptedException {
    return new Cost(product, instance);
  }

  /**
   * Until now, for so many readers. Takes some seconds too, in which the transactions of an idle
   * product count, but no processor time.
   */
  String end(int readers) throws IOException, SQLException, InterruptedException {
    double server = cpu() - cpu;
    double database = databaseCpu() - databaseCpu;
    long done = product.database().transactions() - transactions;
    return "%.0f µs of the instance a reader, %.1f µs of the database, %.3f transactions"
        .formatted(server * 1e6 / readers, database * 1e6 / readers, (double) done / readers);
  }

  private double cpu() throws IOException {
    return Cpu.seconds(product.instance(instance).pid());
  }

  private double databaseCpu() throws IOException {
    return Cpu.seconds(product.database().pid());
  }
}
