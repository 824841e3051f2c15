package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// request is one line of JSON on the control socket; each gets one line back.
type request struct {
	Op      string   `json:"op"`
	Name    string   `json:"name,omitempty"`
	Argv    []string `json:"argv,omitempty"`
	Env     []string `json:"env,omitempty"`
	Log     string   `json:"log,omitempty"`
	Stdin   string   `json:"stdin,omitempty"`
	Signal  int      `json:"signal,omitempty"`
	Match   []string `json:"match,omitempty"`
	Seconds int      `json:"seconds,omitempty"`
}

type response struct {
	Error     string    `json:"error,omitempty"`
	Committed bool      `json:"committed"`
	Code      int       `json:"code"`
	Stdout    string    `json:"stdout,omitempty"`
	Stderr    string    `json:"stderr,omitempty"`
	Pids      []int     `json:"pids,omitempty"`
	Processes []program `json:"processes,omitempty"`
}

type program struct {
	Name    string `json:"name"`
	Pid     int    `json:"pid"`
	Running bool   `json:"running"`
	Code    int    `json:"code"`
}

type supervisor struct {
	mutex     sync.Mutex
	programs  map[string]*program
	waiting   map[int]chan int
	committed bool
	claimed   bool
	abandoned chan struct{}
	shutdown  chan struct{}
	once      sync.Once
}

// A starter that never speaks leaves nothing behind either.
const claimWithin = 20 * time.Second

func newSupervisor() *supervisor {
	s := &supervisor{
		programs:  map[string]*program{},
		waiting:   map[int]chan int{},
		abandoned: make(chan struct{}, 1),
		shutdown:  make(chan struct{}),
	}
	time.AfterFunc(claimWithin, func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if !s.claimed {
			s.abandon()
		}
	})
	return s
}

func (s *supervisor) abandon() {
	select {
	case s.abandoned <- struct{}{}:
	default:
	}
}

// reap collects every child, ours and those orphaned to PID 1. It is the only caller of wait.
func (s *supervisor) reap() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil: // ECHILD: no child yet
			time.Sleep(20 * time.Millisecond)
			continue
		}
		code := status.ExitStatus()
		if status.Signaled() {
			code = 128 + int(status.Signal())
		}
		s.mutex.Lock()
		// A child can end before start has registered it; spawn holds the mutex until it has.
		if done, ok := s.waiting[pid]; ok {
			delete(s.waiting, pid)
			done <- code
		}
		s.mutex.Unlock()
	}
}

// spawn starts a process and returns a channel with its exit code.
func (s *supervisor) spawn(r request, stdin, stdout, stderr *os.File) (int, chan int, error) {
	path, err := lookPath(r.Argv[0], r.Env)
	if err != nil {
		return 0, nil, err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	process, err := os.StartProcess(path, r.Argv, &os.ProcAttr{
		Env:   r.Env,
		Files: []*os.File{stdin, stdout, stderr},
		Sys:   &syscall.SysProcAttr{Setpgid: true},
	})
	if err != nil {
		return 0, nil, err
	}
	done := make(chan int, 1)
	s.waiting[process.Pid] = done
	pid := process.Pid
	_ = process.Release()
	return pid, done, nil
}

func lookPath(name string, env []string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	for _, entry := range env {
		if list, ok := strings.CutPrefix(entry, "PATH="); ok {
			for _, directory := range filepath.SplitList(list) {
				path := filepath.Join(directory, name)
				if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
					return path, nil
				}
			}
		}
	}
	return "", fmt.Errorf("no program %q on PATH", name)
}

func (s *supervisor) serve(commands net.Listener) {
	for {
		connection, err := commands.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, "supervisor: control:", err)
			return
		}
		go s.converse(connection)
	}
}

// converse answers one connection. The one that claimed the cluster and closes before it committed was a starter
// that died: the half-started cluster ends with it.
func (s *supervisor) converse(connection net.Conn) {
	defer connection.Close()
	decoder, encoder := json.NewDecoder(connection), json.NewEncoder(connection)
	owner := false
	for {
		var r request
		if err := decoder.Decode(&r); err != nil {
			break
		}
		if r.Op == "claim" {
			owner = true
		}
		if err := encoder.Encode(s.answer(r)); err != nil {
			break
		}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if owner && !s.committed {
		s.abandon()
	}
}

func (s *supervisor) answer(r request) response {
	var answer response
	var err error
	switch r.Op {
	case "claim":
		err = s.claim()
	case "commit":
		s.mutex.Lock()
		s.committed = true
		s.mutex.Unlock()
	case "run":
		err = s.run(r)
	case "exec":
		answer, err = s.exec(r)
	case "signal":
		err = s.signal(r)
	case "kill":
		answer.Pids = killMatching(r.Match)
	case "list":
		answer.Processes = s.list()
	case "shutdown":
		s.once.Do(func() { time.AfterFunc(50*time.Millisecond, func() { close(s.shutdown) }) })
	default:
		err = fmt.Errorf("unknown op %q", r.Op)
	}
	if err != nil {
		answer.Error = err.Error()
	}
	s.mutex.Lock()
	answer.Committed = s.committed
	s.mutex.Unlock()
	return answer
}

func (s *supervisor) claim() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.claimed {
		return fmt.Errorf("claimed already")
	}
	s.claimed = true
	return nil
}

// run starts a named program that goes on; its output is appended to a log file.
func (s *supervisor) run(r request) error {
	s.mutex.Lock()
	existing, ok := s.programs[r.Name]
	s.mutex.Unlock()
	if ok && existing.Running {
		return fmt.Errorf("%s runs already", r.Name)
	}
	log, err := os.OpenFile(r.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	pid, done, err := s.spawn(r, null, log, log)
	if err != nil {
		return err
	}
	p := &program{Name: r.Name, Pid: pid, Running: true}
	s.mutex.Lock()
	s.programs[r.Name] = p
	s.mutex.Unlock()
	go func() {
		code := <-done
		s.mutex.Lock()
		p.Running, p.Code = false, code
		s.mutex.Unlock()
	}()
	return nil
}

// exec runs a program to its end and returns what it wrote.
func (s *supervisor) exec(r request) (response, error) {
	files := [3]*os.File{}
	for i := range files {
		file, err := os.CreateTemp("", "supervisor-")
		if err != nil {
			return response{}, err
		}
		_ = os.Remove(file.Name())
		defer file.Close()
		files[i] = file
	}
	if _, err := files[0].WriteString(r.Stdin); err != nil {
		return response{}, err
	}
	if _, err := files[0].Seek(0, 0); err != nil {
		return response{}, err
	}
	pid, done, err := s.spawn(r, files[0], files[1], files[2])
	if err != nil {
		return response{}, err
	}
	var answer response
	select {
	case answer.Code = <-done:
	case <-time.After(time.Duration(r.Seconds) * time.Second):
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		answer.Code = <-done
		err = fmt.Errorf("%s: ended after %d s", r.Argv[0], r.Seconds)
	}
	answer.Stdout, answer.Stderr = content(files[1]), content(files[2])
	return answer, err
}

func content(file *os.File) string {
	var buffer bytes.Buffer
	if _, err := file.Seek(0, 0); err == nil {
		_, _ = buffer.ReadFrom(file)
	}
	return buffer.String()
}

func (s *supervisor) signal(r request) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	p, ok := s.programs[r.Name]
	if !ok || !p.Running {
		return fmt.Errorf("%s does not run", r.Name)
	}
	return syscall.Kill(p.Pid, syscall.Signal(r.Signal))
}

func (s *supervisor) list() []program {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	programs := make([]program, 0, len(s.programs))
	for _, p := range s.programs {
		programs = append(programs, *p)
	}
	return programs
}

// killMatching ends at once every process of these namespaces whose command line or cgroup contains one of the texts:
// how a node loses power.
func killMatching(texts []string) []int {
	var killed []int
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == 1 {
			continue
		}
		commandLine, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		cgroup, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
		for _, text := range texts {
			if bytes.Contains(commandLine, []byte(text)) || bytes.Contains(cgroup, []byte(text)) {
				if syscall.Kill(pid, syscall.SIGKILL) == nil {
					killed = append(killed, pid)
				}
				break
			}
		}
	}
	return killed
}
