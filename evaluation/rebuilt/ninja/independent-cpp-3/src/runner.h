// Runs shell commands in parallel and collects their output.
#pragma once
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include "graph.h"

struct Job {
  Edge* edge;
  int process, pipe, code;
  int64_t started;  // file system time
  string output;
};

class Runner {
 public:
  size_t running() const { return jobs.size(); }

  void start(Edge* edge, bool onConsole, int64_t started) {
    int ends[2];
    string command = edge->command();
    int process = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (process < 0) throw FatalFailure{"cannot start a process"};
    if (process == 0) becomeShell(command, onConsole, ends[1]);
    close(ends[1]);
    jobs.push_back({edge, process, ends[0], 0, started, ""});
  }

  // Waits for the next job to finish.
  Job wait() {
    while (true) {
      vector<pollfd> files;
      for (const Job& job : jobs) files.push_back({job.pipe, POLLIN, 0});
      poll(files.data(), files.size(), -1);
      for (size_t i = 0; i < jobs.size(); i++)
        if (files[i].revents != 0 && !readSome(jobs[i])) return take(i);
    }
  }

 private:
  vector<Job> jobs;

  void becomeShell(const string& command, bool onConsole, int output) {
    if (!onConsole) {
      dup2(open("/dev/null", O_RDONLY), 0);
      dup2(output, 1);
      dup2(output, 2);
    }
    execl("/bin/sh", "/bin/sh", "-c", command.c_str(), (char*)nullptr);
    _exit(127);
  }

  // Reads what there is; returns false at the end of the output.
  bool readSome(Job& job) {
    char buffer[4096];
    ssize_t count = read(job.pipe, buffer, sizeof buffer);
    if (count > 0) job.output.append(buffer, count);
    return count > 0;
  }

  Job take(size_t index) {
    Job job = jobs[index];
    jobs.erase(jobs.begin() + index);
    close(job.pipe);
    int status = 0;
    waitpid(job.process, &status, 0);
    job.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return job;
  }
};
